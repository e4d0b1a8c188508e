# The page's files as C arrays, so that the running web front opens no file. Comments and indentation stay
# behind: a quarter of the bytes. Included by the Makefile.

webfront_assets = webfront/assets/style.css webfront/assets/script.js webfront/assets/icon.svg
asset_type_css = text/css; charset=utf-8
asset_type_js = text/javascript; charset=utf-8
asset_type_svg = image/svg+xml
asset_bytes = sed -e 's/^ *//' -e '/^\/\*.*\*\/$$/d' -e '/^\/\*/,/\*\/$$/d' -e 's/  *\/\*.*\*\/$$//' -e '/^$$/d' $(1) | \
    od -An -v -tx1
asset_symbol = asset_$(subst .,_,$(notdir $(1)))

$(BUILD)/webfront/assets.c: $(webfront_assets) webfront/webfront.mk
	@mkdir -p $(@D)
	@{ echo '#include "webfront/assets.h"'; \
	$(foreach a,$(webfront_assets),echo 'static const unsigned char $(call asset_symbol,$(a))[] = {'; \
	    $(call asset_bytes,$(a)) | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'; echo '};';) \
	echo 'const struct asset ASSETS[] = {'; \
	$(foreach a,$(webfront_assets),echo '{ "/$(notdir $(a))", "$(asset_type_$(patsubst .%,%,$(suffix $(a))))",' \
	    '$(call asset_symbol,$(a)), sizeof($(call asset_symbol,$(a))) },';) \
	echo '};'; \
	echo 'const size_t ASSETS_COUNT = sizeof(ASSETS) / sizeof(*ASSETS);'; } >$@.new
	@mv $@.new $@

$(BUILD)/webfront/assets.o: $(BUILD)/webfront/assets.c
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(call lib,webfront): $(BUILD)/webfront/assets.o
