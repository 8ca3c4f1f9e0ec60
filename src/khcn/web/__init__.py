"""Django helpers without models: templates, components, exports and the test kit."""
