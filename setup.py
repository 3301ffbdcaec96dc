"""The compiled rim, where there is a C compiler; everything else stands in pyproject.toml."""

from setuptools import Extension, setup

RIM = Extension(
    "resolver.net._rim",
    sources=["resolver/net/_rim.c"],
    depends=["resolver/net/_rim_core.h"],
    extra_compile_args=["-O2", "-Wall", "-Wextra", "-Wno-unused-parameter", "-std=c11"],
    extra_link_args=["-pthread"],
    define_macros=[("Py_LIMITED_API", "0x030B0000")],
    py_limited_api=True,
    optional=True,
)

# One wheel for every Python from 3.11 on: the rim keeps to the limited API.
setup(ext_modules=[RIM], options={"bdist_wheel": {"py_limited_api": "cp311"}})
