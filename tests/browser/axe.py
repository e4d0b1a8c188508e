"""axe-core, which finds what keeps somebody from using a page: what stands there for a screen reader, contrast, names."""
import pathlib

SOURCE = pathlib.Path("/usr/local/share/axe.min.js")  # put there by tests/machine/lib/layers.sh
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

RUN = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"]}).then(({violations, passes}) => ({
    passed: passes.length,
    found: violations.flatMap(({id, help, nodes}) => nodes.map(({target, failureSummary}) =>
        `${id}: ${target.join(" ")}: ${help}: ${failureSummary}`)),
}))"""


def findings(driver, rules=tuple(LEVELS)):
    """What it finds on the open page, a sentence each: by all rules of those levels, or by these alone."""
    if not driver.call("() => typeof axe === 'object'"):
        driver.execute_script(SOURCE.read_text(encoding="utf-8"))
    result = driver.call(RUN, list(rules))
    assert result["passed"] >= min(len(rules), 5), "it looked at something"
    return result["found"]
