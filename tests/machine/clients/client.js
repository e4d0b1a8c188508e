// Node's xmlrpc: URL METHOD [PARAMETER…], the URL of a door, or unix:/PATH of a socket; prints what came, as JSON.
const xmlrpc = require("/usr/local/lib/node_modules/xmlrpc");

const [url, method, ...texts] = process.argv.slice(2);
const parameters = texts.map((text) => (text.startsWith("int:") ? Number(text.slice(4)) : text));
const client = url.startsWith("unix:")
  ? xmlrpc.createClient({ socketPath: url.slice(5), path: "/RPC2" })
  : xmlrpc.createClient(url);

client.methodCall(method, parameters, (error, value) => {
  if (error && error.faultCode === undefined) throw error;
  console.log(JSON.stringify(error ? { fault: error.faultCode, text: error.faultString } : { value }));
});
