"""The examples in docstrings are run, and show what they say."""

import doctest
import importlib
import pkgutil

import pytest

import nnlib

MODULES = [module.name for module in pkgutil.walk_packages(nnlib.__path__, "nnlib.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_show_what_they_say(name):
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0
