"""Registers of owners, as their publishers ship them, made into the contract's `ownership`."""
