"""What benchmarks say of many times of one thing."""


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Median, 95th percentile and largest, in milliseconds."""
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return {
        "p50_ms": round(ordered[last // 2] * 1e3, 2),
        "p95_ms": round(ordered[round(last * 0.95)] * 1e3, 2),
        "max_ms": round(ordered[last] * 1e3, 2),
    }
