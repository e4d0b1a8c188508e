/* The list of instances with a button each. It works as plain forms; script.js only makes it smoother.
 *
 * Each row has a line of its own for what becomes of a press (.said), so that nothing moves when the outcome
 * comes; what a refresh brings that would move something is offered in one line (#news) that has its place,
 * too. */
#include "webfront/pages/page-list.h"

#include <stdlib.h>
#include <string.h>

#include "common/refusal.h"
#include "common/verb.h"
#include "webfront/pages/page-outcome.h"

/* The colour of a state; the word itself is always there too. */
static const char *state_class(const struct wire_instance *instance)
{
    if (strcmp(instance->active_state, "active") == 0)
        return "good";
    if (strcmp(instance->active_state, "failed") == 0)
        return "bad";
    if (strcmp(instance->active_state, "inactive") == 0)
        return "off";
    return "busy";
}

/* systemd's coarse word, and its fine one where that says more. */
static void write_state(struct html *html, const struct wire_instance *instance)
{
    html_wrapped(html, "<p class=\"state ", state_class(instance), "\"><span>");
    html_wrapped(html, "", instance->active_state, "</span>");
    if (strcmp(instance->active_state, instance->sub_state) != 0)
        html_wrapped(html, " <small>", instance->sub_state, "</small>");
    html_raw(html, "</p>\n");
}

/* "example@1234.service" with what tells it from its neighbours in bold. */
static void write_unit(struct html *html, const char *unit)
{
    const char *at = strchr(unit, '@'), *dot = strrchr(unit, '.');
    char part[256];

    if (!at || !dot || dot < at || strlen(unit) >= sizeof(part)) {
        html_text(html, unit);
        return;
    }
    *stpncpy(part, unit, (size_t)(at + 1 - unit)) = '\0';
    html_text(html, part);
    *stpncpy(part, at + 1, (size_t)(dot - at - 1)) = '\0';
    html_wrapped(html, "<b>", part, "</b>");
    html_text(html, dot);
}

/* What is unusual about how the unit is set up; nothing for the usual case. */
static const char *setup_note(const struct wire_instance *instance)
{
    if (strcmp(instance->load_state, "masked") == 0)
        return "masked";
    if (!*instance->load_state)
        return instance->enabled ? "enabled, not loaded yet" : "not loaded yet";
    if (strcmp(instance->load_state, "loaded") != 0)
        return "its unit file could not be loaded";
    if (strcmp(instance->active_state, "inactive") == 0)
        return instance->enabled ? "enabled" : "not enabled";
    return NULL;
}

static void write_about(struct html *html, const struct wire_instance *instance)
{
    const char *note = setup_note(instance);

    html_wrapped(html, "<p class=\"about\"><span>", instance->description, "</span>");
    if (note)
        html_wrapped(html, " <small>(", note, ")</small>");
    html_raw(html, "</p>\n");
}

static bool may_reload(const struct wire_instance *instance)
{
    return (instance->verbs & VERB_RELOAD) && instance->can_reload;
}

/* Who hears the page, and not sees it, is told which unit it is for. */
static void write_button(struct html *html, const char *start, const char *unit, const char *word)
{
    html_wrapped(html, start, unit, "\"><span>");
    html_wrapped(html, "", word, "</span>");
    html_wrapped(html, "<span class=\"unseen\"> ", unit, "</span></button>\n");
}

static void write_instance(struct html *html, const struct wire_instance *instance)
{
    html_wrapped(html, "<li data-unit=\"", instance->unit, "\">\n<h2 class=\"unit\">");
    write_unit(html, instance->unit);
    html_raw(html, "</h2>\n");
    write_about(html, instance);
    write_state(html, instance);
    html_raw(html, "<p class=\"said\"></p>\n");
    if (instance->verbs & VERB_RESTART)
        write_button(html, "<button name=\"service_id\" value=\"", instance->unit, "Restart");
    if (may_reload(instance))
        write_button(html, "<button class=\"reload\" form=\"reloads\" name=\"service_id\" value=\"",
                     instance->unit, "Reload");
    html_raw(html, "</li>\n");
}

static void write_banners(struct html *html, const struct wire_list *listing, const char *problem)
{
    html_raw(html, "<div id=\"banners\">\n");
    if (problem)
        html_wrapped(html, "<p class=\"banner\" role=\"alert\"><strong>The list is not available.</strong> ",
                     problem, "</p>\n");
    if (listing && !listing->policy_ok)
        html_wrapped(
            html,
            listing->policy_in_force
                ? "<p class=\"banner\" role=\"alert\"><strong>The policy file has a mistake. What it "
                  "said before that stays in force.</strong> "
                : "<p class=\"banner\" role=\"alert\"><strong>The policy file has a mistake, so nothing "
                  "can be restarted.</strong> ",
            listing->policy_error, "</p>\n");
    if (listing && listing->truncated)
        html_raw(html, "<p class=\"banner\">There are more instances than fit here. "
                       "Type the id of one that is missing.</p>\n");
    html_raw(html, "</div>\n");
}

static void write_time(struct html *html, const char *label, time_t now)
{
    char iso[32], clock[32];
    struct tm tm;

    if (!gmtime_r(&now, &tm) || strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%SZ", &tm) == 0 ||
        strftime(clock, sizeof(clock), "%H:%M:%S UTC", &tm) == 0)
        return;
    html_wrapped(html, "<div id=\"as-of\">\n<p>", label, " ");
    html_wrapped(html, "<time datetime=\"", iso, "\">");
    html_wrapped(html, "", clock,
                 "</time>. <a id=\"refresh\" href=\"/\">Refresh</a></p>\n<p id=\"news\"></p>\n</div>\n");
}

static void write_list(struct html *html, const struct wire_list *listing, time_t now)
{
    html_raw(html, "<form id=\"presses\" method=\"post\" action=\"/restart\">" PAGE_PRESS_FIELD
                   "\n<ul id=\"instances\">");
    for (size_t i = 0; listing && i < listing->n_instances; i++)
        write_instance(html, &listing->instances[i]);
    /* A button says one thing when it is pressed, the unit; which verb it is for, its form says. */
    html_raw(html, "</ul>\n</form>\n"
                   "<form id=\"reloads\" method=\"post\" action=\"/restart\">" PAGE_PRESS_FIELD
                   "<input type=\"hidden\" name=\"verb\" value=\"reload\"></form>\n<div id=\"empty\">");
    if (listing && listing->n_instances == 0 && listing->policy_ok)
        html_raw(html, "<p>No instance that the policy covers is running or enabled. "
                       "You can still name one below.</p>");
    html_raw(html, "</div>\n");
    write_time(html, listing ? "State as of" : "Asked at", now);
}

static void write_other(struct html *html)
{
    html_raw(html,
             "<section class=\"other\">\n"
             "<h2>Another instance</h2>\n"
             "<form method=\"post\" action=\"/restart\">" PAGE_PRESS_FIELD "\n"
             "<label for=\"service_id\">Its id, such as 1234, or its whole name</label>\n"
             "<div class=\"field\"><input id=\"service_id\" name=\"service_id\" required maxlength=\"255\" "
             "autocomplete=\"off\" autocapitalize=\"none\" autocorrect=\"off\" spellcheck=\"false\">"
             "<button><span>Restart</span></button></div>\n"
             "</form>\n"
             "<div class=\"told\"></div>\n"
             "</section>\n");
}

/* The script, and what it shows by itself, said here once in the words and shapes used elsewhere: an outcome
 * when its request gets no answer at all, the state of a row that the list has no more. The rest it fills. */
static void write_script(struct html *html)
{
    struct outcome lost = outcome_refused(REFUSAL_UNKNOWN, "No answer came back. " OUTCOME_LOOK_FIRST);

    html_raw(html, "<template id=\"lost\">\n");
    page_write_outcome(html, &lost);
    html_raw(html,
             "</template>\n"
             "<template id=\"gone\"><p class=\"state off\"><span>not listed any more</span></p></template>\n"
             "<dialog id=\"details\" aria-labelledby=\"details-unit\">\n"
             "<h2 id=\"details-unit\" class=\"unit\"></h2>\n<div></div>\n"
             "<button type=\"button\" autofocus>Close</button>\n</dialog>\n"
             "<div id=\"live\" class=\"unseen\" role=\"status\" aria-atomic=\"false\"></div>\n"
             "<script src=\"/script.js\" defer></script>\n");
}

char *page_list(const struct page_site *site, const struct wire_list *listing, const char *problem,
                time_t now, size_t *ret_size)
{
    struct html html;

    if (html_begin(&html) < 0)
        return NULL;
    page_begin(&html, site, "Restart a service", NULL);
    write_banners(&html, listing, problem);
    write_list(&html, listing, now);
    write_other(&html);
    write_script(&html);
    page_end(&html, site);
    return html_end(&html, ret_size);
}
