# The targets that boot machines or build in a chroot: all of them are the tool's, tests/machine/machine. They die
# with make, even by SIGKILL, which is why the tool is exec'ed by setpriv.
MACHINE = exec setpriv --pdeathsig KILL tests/machine/machine
RELEASE ?= bookworm

.PHONY: run
run: export RELEASE := $(if $(filter file,$(origin RELEASE)),,$(RELEASE))
run:	## build, boot a throwaway Debian with the package, serve http://127.0.0.1:8080 (PORT= RELEASE= LOGIN=password MACHINES=3)
	@$(MACHINE) run

.PHONY: shell
shell:	## a shell in the machine of `make run` (NAME= for another one)
	@$(MACHINE) shell $(NAME)

.PHONY: deb
deb:	## build the package in a clean chroot of RELEASE=, as build/RELEASE/restarter_*.deb
	@$(MACHINE) deb $(RELEASE)

.PHONY: check
check:	## run all tests, or some: QUICK=1 before a commit, SUITE=, K= (see tests/README.md)
	@$(MACHINE) check $(SUITE)
