# What of the pages is not C: their templates and words become C (*.awk), and the files that they load, arrays (pack), so
# that the running web front opens no file. English comes first: who asks for none of the languages gets it. Included
# by the Makefile.

webfront_words = webfront/assets/words/en.conf $(filter-out %/en.conf,$(sort $(wildcard webfront/assets/words/*.conf)))
webfront_languages = $(basename $(notdir $(webfront_words)))
webfront_templates = $(sort $(wildcard webfront/assets/*.html))
webfront_script = $(patsubst %,webfront/assets/script/%.js,server words places arm press outcome unit list machines live main)
webfront_made = $(BUILD)/webfront/pages/words $(BUILD)/webfront/pages/templates
webfront_assets = webfront/assets/style.css webfront/assets/icon.svg webfront/assets/icon-failed.svg \
	$(webfront_languages:%=$(BUILD)/webfront/script-%.js)

made_by_awk = @mkdir -p $(@D); awk -v what=$(1) -f $(filter %.awk,$^) $(filter-out %.awk,$^) >$@.new; r=$$?; \
	[ $$r -eq 0 ] && mv $@.new $@
$(BUILD)/webfront/pages/words.h: webfront/assets/words.awk $(webfront_words)
	$(call made_by_awk,header)
$(BUILD)/webfront/pages/words.c: webfront/assets/words.awk $(webfront_words)
	$(call made_by_awk,source)
$(BUILD)/webfront/pages/templates.h: webfront/assets/templates.awk webfront/assets/words/en.conf $(webfront_templates)
	$(call made_by_awk,header)
$(BUILD)/webfront/pages/templates.c: webfront/assets/templates.awk webfront/assets/words/en.conf $(webfront_templates)
	$(call made_by_awk,source)

$(BUILD)/webfront/script-%.js: webfront/assets/script-words.awk $(webfront_script) webfront/assets/words/%.conf
	@mkdir -p $(@D)
	@awk -f $< $(webfront_script) webfront/assets/words/$*.conf >$@.new && cat $(webfront_script) >>$@.new && mv $@.new $@
$(BUILD)/webfront/assets-table.c: webfront/assets/pack $(webfront_assets)
	@mkdir -p $(@D)
	@webfront/assets/pack $(webfront_assets) >$@.new && mv $@.new $@

$(BUILD)/webfront/openapi.c: webfront/assets/openapi.json webfront/webfront.mk
	@mkdir -p $(@D)
	@{ echo '#include <stddef.h>'; \
	echo 'extern const unsigned char API_DOCUMENT[]; extern const size_t API_DOCUMENT_SIZE;'; \
	echo 'const unsigned char API_DOCUMENT[] = {'; od -An -v -tx1 $< | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'; \
	echo '};'; echo 'const size_t API_DOCUMENT_SIZE = sizeof(API_DOCUMENT);'; } >$@.new
	@mv $@.new $@

webfront_made_objects = $(BUILD)/webfront/openapi.o $(BUILD)/webfront/assets-table.o $(webfront_made:%=%.o)
$(webfront_made_objects): %.o: %.c
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# Whoever includes them needs them first; after that, the files of dependencies know.
$(call objects,webfront) $(BUILD)/webfront/main.o $(webfront_made_objects) $(TEST_SHARED) $(UNIT_TESTS:$(BUILD)/tests/%=$(BUILD)/tests/unit/%.o): \
    | $(webfront_made:%=%.h)
$(call lib,webfront): $(webfront_made_objects)
lint: | $(webfront_made:%=%.h)
