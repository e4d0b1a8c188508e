/* The answer to restarter.list, made of a survey's result. */
#pragma once

struct broker;
struct http_shared;
struct instances;

/* For as many requests as it fits; NULL when out of memory. */
struct http_shared *list_answer_new(const struct broker *broker, const struct instances *instances);
