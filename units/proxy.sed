# restarter-webfront.service made into restarter-webfront-proxy.service: the same program in the same sandbox, as another
# user, which sees another socket of the broker. There is no second list of protections that could be forgotten.
/^ExecStart=/b
/^Documentation=/b
/^#.*install\.mk/b
s/^Description=.*/&, behind a reverse proxy/
s/restarter-webfront/&-proxy/g
s/restarter-broker-web\.socket/restarter-broker-web-proxy.socket/g
s/^Group=restarter-web$/&-proxy/
s,/run/restarter/web:,/run/restarter/web-proxy:,
s/web\.sock/web-proxy.sock/g
