/* The sections of other machines. Each is told as a whole when something of it has changed; one that does not answer keeps the
 * rows that it had, whose buttons do nothing until it answers again. */

const sections = new Map(); /* by machine: what was told last and not adopted as a whole, since somebody aimed at something */

function sectionOf(machine) {
    return Array.from(document.querySelectorAll("section.far")).find((section) => section.dataset.machine === machine);
}

/* Since when nobody answers there, in milliseconds of the clock; absent: it answers. */
function showSilence(section) {
    const since = Number(section.dataset.since);
    if (since) {
        section.querySelector(".news").textContent =
            fill(words.no_answer_for, { seconds: Math.max(1, Math.round((Date.now() - since) / 1000)) });
    }
}

function noteSilence(section, seconds) {
    if (seconds) {
        section.dataset.since = Date.now() - 1000 * seconds;
        showSilence(section);
    } else {
        delete section.dataset.since;
    }
}

function greySection(section) {
    const silent = section.dataset.since;
    for (const button of section.querySelectorAll("button[name=service_id]")) {
        if (silent && !button.hasAttribute("aria-disabled")) {
            button.setAttribute("aria-disabled", "true");
            button.dataset.silent = "";
        } else if (!silent && "silent" in button.dataset) {
            button.removeAttribute("aria-disabled");
            delete button.dataset.silent;
        }
    }
}

/* Its rows, in their order; those that have something to say stay. */
function adoptSectionRows(mine, theirs) {
    const known = rowsOf(mine);
    const list = mine.querySelector(".instances");
    const stay = Array.from(known.values()).filter((row) => isNeeded(row) || row.contains(armed?.button));
    const fresh = Array.from(rowsOf(theirs).values(), (row) => known.get(row.dataset.unit) || document.importNode(row, true));
    const rows = fresh.concat(stay.filter((row) => !fresh.includes(row)));
    if (rows.length !== list.children.length || rows.some((row, i) => row !== list.children[i])) {
        list.replaceChildren(...rows);
    }
    localizeTimes(mine);
}

function adoptSection(mine, theirs) {
    sections.delete(mine.dataset.machine);
    adoptSectionRows(mine, theirs);
    greySection(mine);
    lookAtPlaces();
    greyIfLost();
}

/* What changes in its place does so at once; what would move something waits until nobody aims at anything. */
function takeSection(theirs) {
    const mine = sectionOf(theirs.dataset.machine);
    if (!mine) {
        return;
    }
    for (const selector of [".news", "nav"]) {
        mine.querySelector(selector).replaceWith(document.importNode(theirs.querySelector(selector), true));
    }
    noteSilence(mine, theirs.dataset.silent);
    greySection(mine);
    if (theirs.dataset.silent) {
        return;
    }
    const fresh = rowsOf(theirs);
    for (const [unit, row] of rowsOf(mine)) {
        fresh.has(unit) ? adoptRow(row, fresh.get(unit)) : showGone(row);
    }
    sections.set(mine.dataset.machine, theirs);
    adoptSections();
}

function adoptSections() {
    for (const [machine, theirs] of isAimedAt() ? [] : Array.from(sections)) {
        adoptSection(sectionOf(machine), theirs);
    }
}

function tendSections() {
    for (const section of document.querySelectorAll("section.far[data-silent]")) {
        noteSilence(section, section.dataset.silent);
        greySection(section);
    }
    setInterval(() => {
        document.querySelectorAll("section.far[data-since]").forEach(showSilence);
        adoptSections();
    }, 1000);
}
