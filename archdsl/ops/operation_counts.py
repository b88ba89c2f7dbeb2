"""What one operation counts in the metric `flops`: the only table of it. Must not know operators.

The convention: every arithmetic operation counts 1, no matter what it costs a machine: additions, multiplications, divisions,
comparisons, negations, and the elementary functions exp, log, sqrt, tanh, erf and powers alike. A multiply-accumulate counts 2
and is not counted here but as a MAC; a bias counts 1 an output. Copies, indexing and random numbers count 0, and so does what
inference can settle beforehand (the standard deviation of a batch norm's buffers, standardised weights).

Every function below takes and gives dimensions: integers or formulas.
"""

from __future__ import annotations

from archdsl.shapes import Dim

ADD = MULTIPLY = DIVIDE = COMPARE = NEGATE = 1
EXP = LOG = SQRT = TANH = ERF = POWER = 1

# Pointwise functions, an element.
RELU = COMPARE
RELU6 = 2 * COMPARE
SIGMOID = NEGATE + EXP + ADD + DIVIDE
SILU = SIGMOID + MULTIPLY
HARDSIGMOID = ADD + RELU6 + DIVIDE
HARDSWISH = HARDSIGMOID + MULTIPLY
MISH = EXP + ADD + LOG + TANH + MULTIPLY  # x * tanh(log(1 + exp(x)))
LEAKY_RELU = COMPARE + MULTIPLY
ELU = COMPARE + EXP + ADD + MULTIPLY
CELU = ELU + DIVIDE  # x where positive, else alpha * (exp(x / alpha) - 1)
SELU = ELU + MULTIPLY  # a scaled elu
SOFTPLUS = EXP + ADD + LOG
GELU = 3 * MULTIPLY + ERF + ADD  # 0.5 * x * (1 + erf(x / sqrt(2)))
GELU_TANH = 6 * MULTIPLY + 2 * ADD + TANH  # 0.5 * x * (1 + tanh(c * (x + 0.044715 * x**3)))
SCALE_AND_SHIFT = MULTIPLY + ADD


def mean(n: Dim) -> Dim:
    """The mean of n numbers: n - 1 additions and a division."""
    return n


def largest(n: Dim) -> Dim:
    """The largest of n numbers."""
    return n - 1


def softmax(n: Dim) -> Dim:
    """Softmax of n numbers: the largest (n - 1), differences (n), exponentials (n), their sum (n - 1), quotients (n)."""
    return 5 * n - 2


def standardize(n: Dim) -> Dim:
    """n numbers to mean 0, variance 1: mean (n), differences (n), squares (n), their mean (n), + eps, sqrt, quotients (n)."""
    return 5 * n + 2


def length(n: Dim) -> Dim:
    """The length of n numbers: squares (n), their sum (n - 1), a root."""
    return 2 * n


def euclidean(n: Dim) -> Dim:
    """n numbers to length 1: their length (2n), a guard against 0, quotients (n)."""
    return length(n) + 1 + n
