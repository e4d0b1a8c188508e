# The program that makes the shipped polkit rule out of the shipped policy, so that the two cannot differ.
$(BUILD)/restarter-render: $(BUILD)/polkit/render-main.o $(call lib,polkit) $(call lib,common)
	$(LINK) $(LDLIBS)
