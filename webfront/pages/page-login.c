/* The form is assets/login.html. */
#include "webfront/pages/page-login.h"

#include "webfront/pages/templates.h"

static void write_login(struct html *html, const void *data)
{
    const struct page_login *login = data;

    template_login(html, &(struct template_login){
                             .said = login->said,
                             .wrong = login->wrong,
                             .english = login->english,
                             .closed = login->closed,
                             .next = login->next,
                             .user = login->user,
                             .forget = login->forget ? PAGE_LOGIN_FORGET : NULL,
                         });
}

char *page_login(const struct page_site *site, const struct page_login *login, size_t *ret_size)
{
    const struct page_body page = {
        .title = language_text(site->language, WORD_LOG_IN),
        .content = { write_login, login },
    };

    return page_write(site, &page, ret_size);
}

static void write_way(struct html *html, const void *data)
{
    template_on_the_way(html, &(struct template_on_the_way){ .next = data });
}

char *page_on_the_way(const struct page_site *site, const char *next, size_t *ret_size)
{
    const struct page_body page = {
        .title = language_text(site->language, WORD_ONE_MOMENT),
        .content = { write_way, next },
    };

    return page_write(site, &page, ret_size);
}
