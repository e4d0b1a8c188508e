/* The page of one press: where something is still to come, it comes by itself, in its place. */

async function followHere() {
    const parts = location.pathname.split("/");
    await follow(parts.pop(), parts[1] === "machines" ? parts[2] : "", $("main > .outcome"), (outcome, isNews) => {
        $("main > .outcome").replaceWith(outcome);
        if (isNews) {
            say(outcome.querySelector(".verdict").textContent);
        }
    });
}
