#!/bin/sh
# Inside the machine: the daemons of run's make in place of the package's, a first click, a second one, their end.
set -eu
out=$1
for daemon in restarter-webfront restarter-broker; do
    cp "$out/$daemon" "/usr/libexec/restarter/root/usr/libexec/restarter/$daemon"
    mkdir -p "/run/systemd/system/$daemon.service.d"
    printf '[Service]\nStandardError=file:%s\nLimitFSIZE=infinity\n' "$out/$daemon.trace" \
        >"/run/systemd/system/$daemon.service.d/trace.conf"
done
systemctl daemon-reload
systemctl stop restarter-webfront.service restarter-broker.service
systemctl start example@1234.service
for _ in first second; do
    curl --silent --fail --data 'service_id=1234' http://127.0.0.1:8080/restart
    sleep 6
done
systemctl stop restarter-webfront.service restarter-broker.service
