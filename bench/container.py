"""A Lambda container on this machine: the runtime interface client, a deployment, and its clock."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from bench.deployment import Deployment, runtime
from bench.runtime_api import RuntimeApi, runtime_api

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Container:
    """A running container; started_at is by time.perf_counter."""

    api: RuntimeApi
    child: subprocess.Popen[bytes]
    started_at: float

    def invoke(self, event: dict[str, Any]) -> Any:  # noqa: ANN401  whatever it answers
        """Let the container answer an event. Raises InvocationFailed."""
        return self.api.invoke(event)

    def cpu_so_far(self) -> float:
        """Give the seconds of CPU that the container has used, to a hundredth (Linux: proc(5))."""
        fields = Path(f"/proc/{self.child.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def most_memory(self) -> int:
        """Give the most bytes that the container has had resident."""
        return most_resident(self.child.pid)

    def cpu_at_end(self) -> float:
        """Stop the container; give the seconds of CPU that it has used in all."""
        self.child.kill()
        _, status, used = os.wait4(self.child.pid, 0)
        self.child.returncode = os.waitstatus_to_exitcode(status)
        return used.ru_utime + used.ru_stime


def most_resident(process: int | str = "self") -> int:
    """Give the most bytes that a process has had resident (Linux: proc_pid_status(5)).

    getrusage(2) does not: a process begins with the most that the one had which started it.
    """
    status = Path(f"/proc/{process}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


@contextmanager
def container(
    deployment: Deployment,
    dynamodb: str,
    *,
    roots: Path | None = None,
    log: int | IO[bytes] = subprocess.DEVNULL,
    options: Sequence[str] = (),
) -> Iterator[Container]:
    """Start a container with the environment that Lambda and template.yaml give it.

    Roots are a bundle in place of botocore's own. The log takes what Lambda would send to
    CloudWatch; options are the interpreter's own.
    """
    packages = runtime()
    with runtime_api() as (api, address):
        started_at = time.perf_counter()
        child = subprocess.Popen(
            # -S: without the packages that are installed for the bench itself.
            [sys.executable, "-S", *options, "-m", "awslambdaric", deployment.handler],
            cwd=deployment.folders[0],
            env=_environment(deployment, packages, address, dynamodb)
            | ({"AWS_CA_BUNDLE": str(roots)} if roots else {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            yield Container(api, child, started_at)
        finally:
            child.kill()
            child.wait()


def _environment(
    deployment: Deployment, packages: Path, address: str, dynamodb: str
) -> dict[str, str]:
    """Give Lambda's own variables (Developer Guide: Defined runtime environment variables)."""
    folders = [*deployment.folders, packages]
    return {
        **deployment.environment,
        # Of the product alone; where it is empty, the SDK makes every call.
        **({"DIRECT_ENDPOINT": dynamodb} if deployment.environment.get("DIRECT_ENDPOINT") else {}),
        "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": dynamodb,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_NAME": "record-view",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": "INFO",
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_REGION": "us-east-1",
        "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_SESSION_TOKEN": "x" * 600,
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:9",
        "LAMBDA_TASK_ROOT": str(deployment.folders[0]),
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's disk is read-only
        "PYTHONPATH": os.pathsep.join(map(str, folders)),
        "TZ": ":UTC",
        "_HANDLER": deployment.handler,
    }
