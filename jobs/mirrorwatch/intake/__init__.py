"""Pure checks that make the input safe: types, row rules, FX, completeness, blindness."""
