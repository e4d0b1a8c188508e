.PHONY: click-path
click-path:	## which files of ours one click goes through, in order, as HACKING.md lists them
	@exec setpriv --pdeathsig KILL tests/trace/run
