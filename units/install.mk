# make install DESTDIR= prefix=/usr sysconfdir=/etc: everything at the places that the outside knows.
libexecdir ?= $(prefix)/libexec/restarter
bindir ?= $(prefix)/bin
unitdir ?= $(prefix)/lib/systemd/system
INSTALL ?= install

SOCKETS = restarter-webfront.socket restarter-broker.socket restarter-broker-web.socket restarter-login.socket
SOCKETS += restarter-login-pam.socket restarter-log.socket restarter-log-broker.socket
SOCKETS += restarter-webfront-proxy.socket restarter-broker-web-proxy.socket restarter-webfront-metrics.socket
SOCKETS += restarter-far@.socket
SERVICES = restarter-webfront.service restarter-broker.service restarter-login@.service restarter-login-pam@.service \
	restarter-log@.service restarter-far@.service restarter-ticket-key.service
CHECK = restarter-check.service restarter-check.timer

# The second web front is the first one, but for who it is and which door of the broker's it sees.
PROXY = $(BUILD)/units/restarter-webfront-proxy.service
$(PROXY): units/restarter-webfront.service units/proxy.sed
	@mkdir -p $(@D)
	sed -f units/proxy.sed $< >$@.new
	@mv $@.new $@
all: $(PROXY)

# And so is what the broker asks for the record.
LOG_BROKER = $(BUILD)/units/restarter-log-broker@.service
$(LOG_BROKER): units/restarter-log@.service units/log-broker.sed
	@mkdir -p $(@D)
	sed -f units/log-broker.sed $< >$@.new
	@mv $@.new $@
all: $(LOG_BROKER)

# The root of all these services: what systemd mounts onto, and nothing else. All of it is in the package, since systemd
# would make the rest itself and leave it behind. Where programs name their loader in /lib64, as on amd64, that name
# leads into /usr/lib, so that /usr/lib is the one directory of the system's programs to be mounted. (This root is not
# below /usr/lib, or each mount in it would be there twice.) Our own programs
# are in it by a hard link: one mount less for each. No file is mounted by itself, or in this root but in its /run,
# which is a tmpfs: what is mounted on a file that is renamed (by an upgrade, by useradd) is gone, or is the old one.
ROOT = $(DESTDIR)$(libexecdir)/root
ROOT_DIRECTORIES = dev etc/restarter home proc root run sys tmp usr/lib usr/libexec/restarter usr/sbin var/lib var/tmp
define INSTALL_ROOT
	$(INSTALL) -d -m 755 $(addprefix $(ROOT)/,$(ROOT_DIRECTORIES))
	ln -sfn ../run/etc/passwd $(ROOT)/etc/passwd
	ln -sfn ../run/etc/group $(ROOT)/etc/group
	ln -sfn ../run/etc/machine-id $(ROOT)/etc/machine-id
	ln -f $(foreach p,webfront broker login login-pam log,$(DESTDIR)$(libexecdir)/restarter-$(p)) $(ROOT)/usr/libexec/restarter/
	ln -sfn usr/lib $(ROOT)/lib
	ln -sfn usr/sbin $(ROOT)/sbin
	loader=$$(readelf --program-headers $(BUILD)/restarter-broker | sed -n 's,.*interpreter: \(/lib[0-9].*\)\].*,\1,p'); \
	[ -z "$$loader" ] || { $(INSTALL) -d -m 755 $(ROOT)$${loader%/*} && \
	    ln -sfn "..$$(readlink -f "$$loader" | sed 's,^/lib/,/usr/lib/,')" $(ROOT)$$loader; }
endef

# The polkit rule is not among what is installed: `restartctl policy apply` makes it from the policy file, on the system
# that it is for (the package does so, see debian/restarter.postinst).
.PHONY: install
install: all	## install everything below DESTDIR= (prefix=/usr sysconfdir=/etc)
	$(INSTALL) -D -m 755 -t $(DESTDIR)$(libexecdir) $(filter-out %/restartctl,$(PROGRAMS))
	$(INSTALL) -D -m 755 -t $(DESTDIR)$(bindir) $(BUILD)/restartctl
	$(INSTALL) -D -m 644 -t $(DESTDIR)$(unitdir) $(addprefix units/,$(SOCKETS) $(SERVICES) $(CHECK)) $(PROXY) $(LOG_BROKER)
	$(INSTALL) -D -m 644 units/sysusers.conf $(DESTDIR)$(prefix)/lib/sysusers.d/restarter.conf
	$(INSTALL) -D -m 644 units/tmpfiles.conf $(DESTDIR)$(prefix)/lib/tmpfiles.d/restarter.conf
	$(INSTALL) -D -m 644 units/restarter.preset $(DESTDIR)$(prefix)/lib/systemd/system-preset/80-restarter.preset
	$(INSTALL) -D -m 644 units/restarter.catalog $(DESTDIR)$(prefix)/lib/systemd/catalog/restarter.catalog
	$(INSTALL) -D -m 644 units/restarter-bus.conf $(DESTDIR)$(prefix)/share/dbus-1/system.d/restarter.conf
	$(INSTALL_ROOT)
	$(INSTALL) -D -m 644 units/default $(DESTDIR)$(sysconfdir)/default/restarter
	$(INSTALL) -D -m 644 units/webfront.conf $(DESTDIR)$(sysconfdir)/restarter/webfront.conf
	$(INSTALL) -D -m 644 units/restarter.pam $(DESTDIR)$(sysconfdir)/pam.d/restarter
	$(INSTALL) -D -m 644 policy/policy.conf $(DESTDIR)$(sysconfdir)/restarter/policy.conf
	$(INSTALL) -D -m 644 cli/completion/restartctl.bash $(DESTDIR)$(prefix)/share/bash-completion/completions/restartctl
	$(INSTALL) -D -m 644 cli/completion/_restartctl $(DESTDIR)$(prefix)/share/zsh/vendor-completions/_restartctl
	$(INSTALL) -D -m 644 -t $(DESTDIR)$(prefix)/share/doc/restarter/examples docs/examples/*
	for page in $(MANPAGES); do \
	    $(INSTALL) -D -m 644 $$page $(DESTDIR)$(prefix)/share/man/man$${page##*.}/$${page##*/} || exit 1; done
