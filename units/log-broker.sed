# restarter-log@.service made into restarter-log-broker@.service: the same program in the same sandbox, which is told that
# it is the broker who asks. There is no second list of protections that could be forgotten.
s/^Description=.*/&, asked by the broker/
s/^ExecStart=.*/& --broker/
