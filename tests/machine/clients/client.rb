# Ruby's xmlrpc: URL METHOD [PARAMETER…], or URL multicall METHOD PARAMETER METHOD PARAMETER…; prints what came, as JSON.
require "json"
require "xmlrpc/client"

url, method, *parameters = ARGV
parameters.map! { |text| text.match?(/\Aint:/) ? Integer(text.delete_prefix("int:"), 10) : text }
client = XMLRPC::Client.new2(url)
plain = ->(answer) { answer.is_a?(XMLRPC::FaultException) ? { fault: answer.faultCode, text: answer.faultString } : { value: answer } }
begin
  if method == "multicall"
    answers = client.multicall(*parameters.each_slice(2).map { |name, parameter| [name, parameter] })
    puts JSON.generate({ value: answers.map(&plain) })
  else
    puts JSON.generate({ value: client.call(method, *parameters) })
  end
rescue XMLRPC::FaultException => fault
  puts JSON.generate(plain.call(fault))
end
