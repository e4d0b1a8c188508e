/* The page of one unit: after a press all but the buttons is read anew. */

async function refreshUnit() {
    try {
        const { ok, page } = await fetchPage(location.pathname);
        for (const selector of ok ? [".card .state", "#about"] : []) {
            $(selector).replaceWith(document.importNode(page.querySelector(selector), true));
        }
        localizeTimes(document);
    } catch {
        /* What is shown is what was known last; the outcome was told. */
    }
}
