"""What the tests inside a booted machine share: each module has one subject."""
