"""Redis, or nothing: the cache holds only the counts of tries at sign-in, and nobody is kept out because it is away."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = structlog.get_logger(__name__)
#: seconds; a sign-in asks the cache some ten times
PATIENCE = 0.5


class RedisOrNothing(RedisCache):
    """Django's Redis cache. While the server is away, what is read is not there and what is written is forgotten."""

    def __init__(self, server: Any, params: dict[str, Any]):
        options = {
            "socket_connect_timeout": PATIENCE,
            "socket_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 0),
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, {**params, "OPTIONS": options})

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        try:
            return super().add(key, value, timeout, version)
        except RedisError as problem:
            log.warning("cache away", error=str(problem))
            return True

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as problem:
            log.warning("cache away", error=str(problem))
            return default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        try:
            super().set(key, value, timeout, version)
        except RedisError as problem:
            log.warning("cache away", error=str(problem))

    def delete(self, key: str, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except RedisError as problem:
            log.warning("cache away", error=str(problem))
            return False
