"""The words are the reader's, English or German, as their browser asks for them (how that is read: tests/unit/test-language.c):
in both engines, in what the server writes and in what the script says."""
import pytest
from conftest import ADDRESS, BOTH_ENGINES
from pages import button_of, find, outcome, press, spoken, wait_for_end

from helpers.system import WELL


@pytest.fixture
def language(driver):
    yield driver.language
    driver.language("")


@BOTH_ENGINES
@pytest.mark.parametrize("accepted, tag, word", [("de-AT,en;q=0.5", "de", "Neu starten"), ("fr", "en", "Restart")])
def test_list(driver, language, accepted, tag, word):
    language(accepted)
    driver.get(ADDRESS)
    assert find(driver, "html").get_attribute("lang") == tag
    assert button_of(driver, WELL).text.startswith(word)


def test_outcome(driver, language):
    language("de")
    driver.get(ADDRESS)
    press(driver, WELL)
    kind, text = outcome(driver)
    assert kind == "succeeded" and "neu gestartet" in text


@BOTH_ENGINES
def test_what_the_script_says(driver, language, picture):
    language("de")
    driver.get(ADDRESS)
    press(driver, WELL)
    wait_for_end(driver, WELL)
    picture("german")
    assert "startet neu" in spoken(driver) and "Restart" not in find(driver, "main").text
