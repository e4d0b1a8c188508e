/* The broker as a whole. */
#pragma once

struct broker;

int broker_new(struct broker **ret);
struct broker *broker_free(struct broker *broker);
int broker_run(struct broker *broker);
