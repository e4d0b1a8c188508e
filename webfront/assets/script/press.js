/* One press, and what becomes of it. An outcome fills a line that was kept for it. */

const dialog = $("#details");

const outcomes = new WeakMap(); /* of rows: all that is known of the last one */

/* Whose login has ended has a link to it at hand, in place of the details. */
function showWayIn(said, outcome) {
    const way = outcome?.querySelector("a.login");
    said.querySelector("a")?.remove();
    if (way) {
        const link = document.importNode(way, true);
        link.className = "login";
        said.children[1].hidden = true;
        said.append(link);
    }
}

/* The line of a row that is kept for this. */
function showInRow(row, kind, text) {
    const said = row.querySelector(".said");
    if (!said.firstChild) {
        said.append(document.createElement("span"), document.createElement("button"));
        said.lastChild.type = "button";
        said.lastChild.textContent = words.details;
        said.lastChild.setAttribute("aria-label", fill(words.details_on, { unit: row.dataset.unit }));
        said.lastChild.addEventListener("click", () => openDetails(row));
    }
    said.dataset.outcome = kind;
    said.firstElementChild.textContent = text;
    said.children[1].hidden = !outcomes.has(row);
    showWayIn(said, outcomes.get(row));
}

/* Where it is asked why, the answer goes back to the same place. */
let questioned = null;

function openDetails(row) {
    dialog.querySelector(".unit").textContent = row.dataset.unit;
    dialog.querySelector("div").replaceChildren(outcomes.get(row));
    dialog.querySelector("details").open = true;
    questioned = row;
    dialog.showModal();
}

/* Below the field for other names is nothing that could be moved, so there is room for all of it. It never gets
 * smaller, since a page that does may be scrolled by that. */
function showBelow(section, outcome) {
    const told = section.querySelector(".told");
    told.style.minHeight = told.offsetHeight + "px";
    told.replaceChildren(outcome);
}

function showOutcome(place, outcome) {
    const verdict = outcome.querySelector(".verdict").textContent;
    if (place.dataset.unit) {
        outcomes.set(place, outcome);
        showInRow(place, outcome.dataset.outcome, verdict);
    } else {
        showBelow(place, outcome);
    }
    say(verdict + ".", outcome.querySelector(".message"));
}

/* Nothing was done yet: the grant wants to know why. */
function askWhy(place, outcome) {
    const field = outcome.querySelector(".why [name=reason]");
    if (field && place.dataset.unit) {
        openDetails(place);
    }
    field?.focus();
}

/* Lays a clock over the button, which keeps its size and its name, until the returned function is called. A disabled
 * button would lose the focus. */
function showBusy(button) {
    const clock = document.createElement("span");
    const began = Date.now();
    const ticking = setInterval(() => {
        clock.textContent = Math.round((Date.now() - began) / 1000) + " s";
    }, 1000);
    clock.className = "clock";
    clock.setAttribute("aria-hidden", "true");
    button.setAttribute("aria-disabled", "true");
    button.append(clock);
    return () => {
        clearInterval(ticking);
        button.removeAttribute("aria-disabled");
        clock.remove();
        greyIfLost();
    };
}

function refusePress(place) {
    if (place.dataset.unit) {
        showInRow(place, "moved", words.moved);
    }
    say(words.nothing_pressed + " " + words.moved + ".");
}

const ASK_AGAIN_MS = 500;

function goesOn(outcome) {
    return ["under-way", "watching"].includes(outcome.dataset.outcome);
}

/* Asks for so long as something is to come and the server has not been silent for too long; hands over what is new. */
async function follow(word, machine, outcome, take) {
    let heard = Date.now();
    while (goesOn(outcome)) {
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
        const answer = await askAgain(word, machine);
        heard = answer ? Date.now() : heard;
        if (!answer && Date.now() - heard < TIMEOUT_MS) {
            continue;
        }
        const before = outcome.dataset.outcome;
        outcome = answer || lostOutcome();
        take(outcome, outcome.dataset.outcome !== before);
    }
    return outcome;
}

function restartingText(place) {
    const span = place.dataset.usual;
    return span ? fill(words.restarting_usually, { span }) : words.restarting;
}

/* What was done is told at once, and then, by the same press, what became of it. */
async function press(button, place, id, verb, reason, machine) {
    const word = newPress();
    const fields = { service_id: id, verb, press: word, ...(machine && { machine }), ...(reason && { reason }), settle: 0 };
    const isReload = verb === "reload";
    const done = showBusy(button);
    if (place.dataset.unit) {
        outcomes.delete(place);
        showInRow(place, "busy", isReload ? words.reloading : restartingText(place));
    }
    say(fill(isReload ? words.reloading_unit : words.restarting_unit, { unit: id }));
    let outcome = await ask(fields);
    if (outcome.dataset.outcome !== "under-way") {
        showOutcome(place, outcome);
    }
    outcome = await follow(word, machine, outcome, (later, isNews) => isNews && showOutcome(place, later));
    done();
    askWhy(place, outcome);
    await (list ? refresh(false) : refreshUnit());
}

document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.target.getAttribute("action") !== "/restart") {
        return; /* no press: somebody searches, or signs out */
    }
    const why = event.target.matches(".why");
    const place = why ? button.closest(".other") || questioned : button.closest("li, section");
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) {
        return;
    }
    if (why) {
        dialog.close();
    } else if (movedJustNow(button)) {
        refusePress(place);
        return;
    }
    const { service_id: field, verb: named, reason, machine } = event.target.elements;
    const id = button.value || field.value.trim();
    const verb = named ? named.value : "restart";
    if (why || isMeant(button, place, id, verb)) {
        press(button, place, id, verb, reason?.value.trim(), machine?.value);
    }
});

dialog?.addEventListener("click", (event) => {
    /* Its button, or the backdrop, which counts as the dialog itself. */
    if (event.target === dialog || event.target.closest("#details > button")) {
        dialog.close();
    }
});
