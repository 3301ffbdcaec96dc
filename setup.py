"""The compiled rim and the generator's compiled half, where there is a C compiler; all else is in pyproject.toml."""

from setuptools import Extension, setup


def optional(name: str, source: str, *depends: str) -> Extension:
    """An extension that keeps to the limited API, and is left out where it cannot be built."""
    return Extension(
        name,
        sources=[source],
        depends=list(depends),
        extra_compile_args=["-O2", "-Wall", "-Wextra", "-Wno-unused-parameter", "-std=c11"],
        extra_link_args=["-pthread"],
        define_macros=[("Py_LIMITED_API", "0x030B0000")],
        py_limited_api=True,
        optional=True,
    )


RIM = optional("resolver.net._rim", "resolver/net/_rim.c", "resolver/net/_rim_core.h")
VOLLEY = optional("loadgen._volley", "loadgen/_volley.c")

# One wheel for every Python from 3.11 on.
setup(ext_modules=[RIM, VOLLEY], options={"bdist_wheel": {"py_limited_api": "cp311"}})
