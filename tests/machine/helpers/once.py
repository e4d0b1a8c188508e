"""Tables of what our own code alone reads: whole on one release, a sample of it on the other."""

import pytest


def sampled(cases, every=5):
    """{name: values} as what parametrize takes: the first and each fifth after it on both releases."""
    return [
        pytest.param(*values, id=name, marks=() if number % every == 0 else pytest.mark.once)
        for number, (name, values) in enumerate(cases.items())
    ]
