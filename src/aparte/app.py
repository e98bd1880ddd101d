"""The composition root: settings in, a running engine out. The only module that may name a back end."""
