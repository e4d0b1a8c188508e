/* Makes the forms smoother: the button tells that it works, the outcome appears where one clicked, and the states are
 * read again. The markup of outcomes and rows is always the server's; without this file everything works as well. */
"use strict";

const TIMEOUT_MS = 140000; /* above what the server allows itself */

const list = document.querySelector("#instances");

/* The page at the address as a document of its own; its scripts do not run. */
async function fetchPage(url, options) {
    const response = await fetch(url, {
        cache: "no-store",
        redirect: "error",
        headers: { Accept: "text/html" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...options,
    });
    const text = await response.text();
    return { ok: response.ok, page: new DOMParser().parseFromString(text, "text/html") };
}

function lostOutcome() {
    return document.querySelector("#lost").content.querySelector(".outcome").cloneNode(true);
}

async function restart(form) {
    const field = form.elements.service_id;
    field.value = field.value.trim();
    try {
        const { page } = await fetchPage("/restart", { method: "POST", body: new URLSearchParams(new FormData(form)) });
        const outcome = page.querySelector(".outcome");
        return outcome ? document.importNode(outcome, true) : lostOutcome();
    } catch {
        return lostOutcome();
    }
}

function showOutcome(form, outcome) {
    const place = form.closest("li, section");
    for (const old of place.querySelectorAll(":scope > .outcome")) {
        old.remove();
    }
    /* Whatever went well needs no details at first sight. */
    outcome.querySelector("details").open = outcome.dataset.outcome !== "succeeded";
    /* An empty live region first, so that screen readers notice what comes into it. */
    const live = document.createElement("div");
    live.setAttribute("role", "status");
    live.className = "unseen";
    place.append(outcome, live);
    live.textContent = outcome.querySelector(".verdict").textContent + ". " +
        outcome.querySelector(".message").textContent;
    setTimeout(() => live.remove(), 5000);
    outcome.scrollIntoView({ block: "nearest" });
}

/* Turns the button into a clock until the returned function is called. A disabled button would lose the focus. */
function showBusy(button) {
    const label = Array.from(button.childNodes);
    const text = document.createTextNode("Restarting\u2026");
    const began = Date.now();
    const clock = setInterval(() => {
        text.data = "Restarting\u2026 " + Math.round((Date.now() - began) / 1000) + " s";
    }, 1000);
    button.setAttribute("aria-disabled", "true");
    button.replaceChildren(text);
    return () => {
        clearInterval(clock);
        button.removeAttribute("aria-disabled");
        button.replaceChildren(...label);
    };
}

function adoptRow(fresh, row) {
    for (const part of [".about", ".state"]) {
        row.querySelector(part).replaceWith(document.importNode(fresh.querySelector(part), true));
    }
}

/* From the last row to the first, so that a new one knows before which it belongs. Rows are kept, with their focus
 * and what is said in them. */
function adoptList(fresh) {
    const known = new Map(Array.from(list.children, (row) => [row.dataset.unit, row]));
    let next = null;
    for (const row of Array.from(fresh.children).reverse()) {
        let mine = known.get(row.dataset.unit);
        known.delete(row.dataset.unit);
        if (mine) {
            adoptRow(row, mine);
        } else {
            mine = list.insertBefore(document.importNode(row, true), next);
        }
        next = mine;
    }
    for (const row of known.values()) {
        if (!row.querySelector(".outcome, [aria-disabled]")) {
            row.remove();
        }
    }
}

function adopt(page, selector) {
    const fresh = page.querySelector(selector);
    if (fresh) {
        document.querySelector(selector).replaceChildren(...document.importNode(fresh, true).childNodes);
    }
}

/* Times in the reader's own zone. */
function localizeTimes() {
    for (const time of document.querySelectorAll("time")) {
        time.textContent = new Date(time.dateTime).toLocaleTimeString();
    }
}

async function refresh() {
    const stale = document.querySelector("#stale");
    try {
        const { ok, page } = await fetchPage("/");
        adopt(page, "#banners");
        if (ok) {
            adoptList(page.querySelector("#instances"));
            adopt(page, "#about-list");
            localizeTimes();
        }
        stale.hidden = true;
    } catch {
        stale.hidden = false;
    }
}

document.addEventListener("submit", async (event) => {
    const form = event.target;
    const button = form.querySelector("button");
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) {
        return;
    }
    const done = showBusy(button);
    const outcome = await restart(form);
    done();
    showOutcome(form, outcome);
    await refresh();
});

document.addEventListener("click", (event) => {
    if (event.target.id === "refresh") {
        event.preventDefault();
        refresh();
    }
});

/* Who comes back to a page left open sees how things are now. */
document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
        refresh();
    }
});

localizeTimes();
