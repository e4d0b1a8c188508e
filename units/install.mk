# make install DESTDIR= prefix=/usr sysconfdir=/etc: everything at the places that the outside knows.
libexecdir ?= $(prefix)/libexec/restarter
bindir ?= $(prefix)/bin
unitdir ?= $(prefix)/lib/systemd/system
INSTALL ?= install

SOCKETS = restarter-webfront.socket restarter-broker.socket restarter-broker-web.socket restarter-login.socket
SERVICES = restarter-webfront.service restarter-broker.service restarter-login@.service restarter-ticket-key.service
CHECK = restarter-check.service restarter-check.timer

# The root of all these services: what systemd mounts onto, and nothing else. All of it is in the package, since systemd
# would make the rest itself and leave it behind. Where programs name their loader in /lib64, as on amd64, that name
# leads into /usr/lib, so that /usr/lib is the one directory of the system's programs to be mounted. (This root is not
# below /usr/lib, or each mount in it would be there twice.) Our own programs
# are in it by a hard link: one mount less for each. Files are mounted in its /run alone, which is a tmpfs: a file of
# the package is renamed by an upgrade, and what is mounted on it would be gone, also for a broker that runs.
ROOT = $(DESTDIR)$(libexecdir)/root
ROOT_DIRECTORIES = dev etc/restarter home proc root run sys tmp usr/lib usr/libexec/restarter var
define INSTALL_ROOT
	$(INSTALL) -d -m 755 $(addprefix $(ROOT)/,$(ROOT_DIRECTORIES))
	ln -sfn ../run/etc/passwd $(ROOT)/etc/passwd
	ln -sfn ../run/etc/group $(ROOT)/etc/group
	ln -f $(foreach p,webfront broker login,$(DESTDIR)$(libexecdir)/restarter-$(p)) $(ROOT)/usr/libexec/restarter/
	ln -sfn usr/lib $(ROOT)/lib
	loader=$$(readelf --program-headers $(BUILD)/restarter-broker | sed -n 's,.*interpreter: \(/lib[0-9].*\)\].*,\1,p'); \
	[ -z "$$loader" ] || { $(INSTALL) -d -m 755 $(ROOT)$${loader%/*} && \
	    ln -sfn "..$$(readlink -f "$$loader" | sed 's,^/lib/,/usr/lib/,')" $(ROOT)$$loader; }
endef

# The polkit rule is not among what is installed: `restartctl policy apply` makes it from the policy file, on the system
# that it is for (the package does so, see debian/restarter.postinst).
.PHONY: install
install: all	## install everything below DESTDIR= (prefix=/usr sysconfdir=/etc)
	$(INSTALL) -D -m 755 -t $(DESTDIR)$(libexecdir) $(BUILD)/restarter-webfront $(BUILD)/restarter-broker $(BUILD)/restarter-login
	$(INSTALL) -D -m 755 -t $(DESTDIR)$(bindir) $(BUILD)/restartctl
	$(INSTALL) -D -m 644 -t $(DESTDIR)$(unitdir) $(addprefix units/,$(SOCKETS) $(SERVICES) $(CHECK))
	$(INSTALL) -D -m 644 units/sysusers.conf $(DESTDIR)$(prefix)/lib/sysusers.d/restarter.conf
	$(INSTALL) -D -m 644 units/restarter.preset $(DESTDIR)$(prefix)/lib/systemd/system-preset/80-restarter.preset
	$(INSTALL) -D -m 644 units/restarter.catalog $(DESTDIR)$(prefix)/lib/systemd/catalog/restarter.catalog
	$(INSTALL) -D -m 644 units/restarter-bus.conf $(DESTDIR)$(prefix)/share/dbus-1/system.d/restarter.conf
	$(INSTALL_ROOT)
	$(INSTALL) -D -m 644 units/default $(DESTDIR)$(sysconfdir)/default/restarter
	$(INSTALL) -D -m 644 policy/policy.conf $(DESTDIR)$(sysconfdir)/restarter/policy.conf
	$(INSTALL) -D -m 644 cli/completion/restartctl.bash $(DESTDIR)$(prefix)/share/bash-completion/completions/restartctl
	$(INSTALL) -D -m 644 cli/completion/_restartctl $(DESTDIR)$(prefix)/share/zsh/vendor-completions/_restartctl
	for page in $(MANPAGES); do \
	    $(INSTALL) -D -m 644 $$page $(DESTDIR)$(prefix)/share/man/man$${page##*.}/$${page##*/} || exit 1; done
