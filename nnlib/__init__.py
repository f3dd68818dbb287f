"""A neural network library in plain NumPy that grows chapter by chapter.

Conventions, everywhere in the book and in the code:

- A single example is a column ``x``. A layer computes ``z = W x + b`` and then ``a = φ(z)``.
- ``W`` has shape ``(D_out, D_in)``: row ``i`` holds the weights of neuron ``i``, and ``w_ij``
  belongs to the connection from input ``j`` to neuron ``i``.
- Code works on batches of rows: ``X`` is ``(N, D_in)`` and ``Z = X @ W.T + b`` is ``(N, D_out)``.
  Features are always the last axis, and every axis before it counts examples.
- Letters: ``N`` examples, ``D`` features, ``K`` classes, and where a text is read also ``T``
  tokens, ``H`` heads and ``V`` words of the vocabulary; ``z`` is a pre-activation, ``a`` an
  activation, and ``dz`` the gradient of the loss with respect to ``z``.
- Layers are counted by their weights: 784-16-16-10 has three layers of weights, and the
  input is not one of them.
- Losses are means over the batch: the ``1/N`` is in the loss and nowhere else. Logarithms
  are natural, so losses are in nats.
- Numbers are float64 unless you ask for float32; float32 in gives float32 out.
- Randomness comes from a generator that you pass as ``rng=``; nothing is random otherwise.
- Errors say who complains, what it got, what it needs, and the likely cause.
"""

__version__ = "0.1.0"
