"""Encrypt what the build says to the kernels: each of them warns loudly where it is not."""

import zmq
from jupyter_client.manager import KernelManager


def setup(app):
    if zmq.has("curve"):
        KernelManager.transport_encryption.default_value = "auto"
    return {"parallel_read_safe": True, "parallel_write_safe": True}
