"""Who clicks on a granted id that does not run is told so, unless a crowd does at that moment."""
import time

import pytest

from helpers import web
from helpers.beside import WEB_ADDRESS, click_request
from helpers.crowd import Crowd
from helpers.system import wait_for

pytestmark = pytest.mark.once

STOPPED = "7000"


def told_the_truth():
    """Who comes back now and then is, as soon as nobody else asks."""
    wait_for(lambda: web.click(STOPPED).json["refusal"] == "stopped", "a refusal says that it is stopped", pause=1)


def test_one_alone_is_told_the_truth():
    """Now and then, as people click: the refusal that counts, and not that of a crowd."""
    told_the_truth()  # what the tests before have left is over
    time.sleep(2)  # and its share of looks is whole again, a fast machine or a slow one
    for _ in range(3):
        assert web.click(STOPPED).json["refusal"] == "stopped"
        time.sleep(0.5)


def test_after_a_crowd_the_truth_is_told_again():
    with Crowd("ask", 60, WEB_ADDRESS, click_request(STOPPED)):
        time.sleep(1)
    told_the_truth()
