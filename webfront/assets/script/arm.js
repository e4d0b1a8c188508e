/* A press is made twice: the first one turns the button, which keeps its place and size, into the question; the second one,
 * within some seconds, answers it. Escape, another place for the focus, or waiting is no. */

const ARMED_MS = 4000;
const SLIP_MS = 350; /* faster than that nobody decides: a double click is one press */

let armed = null; /* the button that asks, and about what */

function disarm() {
    if (armed) {
        const { button, text, timer } = armed;
        armed = null;
        clearTimeout(timer);
        button.firstElementChild.textContent = text;
        button.style.width = button.style.height = "";
        delete button.dataset.armed;
    }
}

/* What tells it from its neighbours; or what was typed. */
function shortName(place, id) {
    return place.querySelector(".unit b")?.textContent || id.replace(/\.service$/, "");
}

function arm(button, place, id, verb) {
    const question = fill(verb === "reload" ? words.reload_question : words.restart_question, { name: shortName(place, id) });
    const { width, height } = button.getBoundingClientRect();
    disarm();
    armed = { button, id, since: performance.now(), text: button.firstElementChild.textContent, timer: setTimeout(disarm, ARMED_MS) };
    button.style.width = width + "px";
    button.style.height = height + "px";
    button.firstElementChild.textContent = question;
    button.dataset.armed = "";
    say(fill(words.press_again, { question }));
}

/* It was pressed as it should be; otherwise it asks from now on, or goes on asking. Where a page would ask without the
 * script, the button says which. */
function isMeant(button, place, id, verb) {
    if (!button.hasAttribute("formaction")) {
        return true;
    }
    if (armed?.button !== button || armed.id !== id) {
        arm(button, place, id, verb);
        return false;
    }
    if (performance.now() - armed.since < SLIP_MS) {
        return false;
    }
    disarm();
    return true;
}

document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && armed) {
        disarm();
        say(words.nothing_pressed);
    }
    /* A key that is held down presses again and again, which nobody means. */
    if (event.repeat && event.key === "Enter" && event.target.closest("button")) {
        event.preventDefault();
    }
});

document.addEventListener("focusout", (event) => {
    if (event.target === armed?.button) {
        disarm();
    }
});
