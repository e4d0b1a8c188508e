/* What is asked of the server, and what is known of it.
 *
 * The script makes the forms smoother: the outcome appears in the row where one clicked, and the states are read again. The
 * markup of outcomes and rows is always the server's; without the script everything works as well. Its pieces are put
 * together in the order of webfront.mk; the words of the reader's language stand before them, as words.KEY. */

const TIMEOUT_MS = 1000 * document.body.dataset.patience; /* above what the server allows itself */

const $ = (selector) => document.querySelector(selector);

/* The page at the address as a document of its own; its scripts do not run. */
async function fetchPage(url, options) {
    const response = await fetch(url, {
        cache: "no-store",
        redirect: "manual",
        headers: { Accept: "text/html" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...options,
    });
    if (response.type === "opaqueredirect") {
        return { ended: true };
    }
    if (response.status === 304) {
        return { ok: true, same: true, etag: response.headers.get("ETag") };
    }
    const text = await response.text();
    const page = new DOMParser().parseFromString(text, "text/html");
    return { ok: response.ok, page, etag: response.headers.get("ETag") };
}

function lostOutcome() {
    return $("#lost").content.querySelector(".outcome").cloneNode(true);
}

function outcomeOf({ page }) {
    const outcome = page?.querySelector(".outcome");
    return outcome ? document.importNode(outcome, true) : lostOutcome();
}

async function ask(fields) {
    try {
        return outcomeOf(await fetchPage("/restart", { method: "POST", body: new URLSearchParams(fields), redirect: "follow" }));
    } catch {
        return lostOutcome();
    }
}

/* What has become of a press by now: at its own address, where asking presses nothing. Null: no answer this time. */
async function askAgain(word, machine) {
    try {
        return outcomeOf(await fetchPage((machine ? "/machines/" + machine : "") + "/restarts/" + word));
    } catch {
        return null;
    }
}

/* A random word, so that whatever is sent twice is done once. */
function newPress() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
}
