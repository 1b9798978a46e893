#!/usr/bin/env python3
"""Makes Tests/LayersTests/Goldens/layers.json: what PyTorch makes of layers.

    pip install numpy==2.4.6 torch==2.15.0
    scripts/goldens/layers.py

Each case has a layer as a recipe has it, an input, the parameters in the order and the shapes of seqcnn, the output, and the
gradients of the sum of the output times `weights` with respect to the input and each parameter. PyTorch computes in double
precision, from numbers that single precision holds exactly.
"""

import json
import pathlib

import numpy
import torch
import torch.nn.functional as functional

OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "LayersTests" / "Goldens" / "layers.json"
RANDOM = numpy.random.default_rng(5)


def draw(*shape, scale=0.5):
    numbers = RANDOM.normal(0, scale, shape).astype("float32").astype("float64")
    return torch.from_numpy(numbers).requires_grad_()


def numbers(tensor):
    flat = tensor.detach().numpy().astype("float32").ravel()
    return {"shape": list(tensor.shape), "scalars": [float(str(number)) for number in flat]}


def case(layer, input, parameters, output):
    """`parameters` as seqcnn holds them; `output` was computed from them."""
    weights = torch.from_numpy(RANDOM.normal(0, 1, output.shape).astype("float32").astype("float64"))
    gradients = torch.autograd.grad((output * weights).sum(), [input, *parameters], retain_graph=True)
    return {
        "layer": layer,
        "input": numbers(input),
        "parameters": [numbers(parameter) for parameter in parameters],
        "output": numbers(output),
        "weights": numbers(weights),
        "inputGradient": numbers(gradients[0]),
        "parameterGradients": [numbers(gradient) for gradient in gradients[1:]],
    }


def activations():
    functions = {
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "softplus": functional.softplus,
        "exponential": torch.exp,
        "gelu": functional.gelu,
        "silu": functional.silu,
        "rectifier": functional.relu,
        "softmax": lambda x: functional.softmax(x, dim=-1),
    }
    for kind, function in functions.items():
        for shape in [(2, 5, 7), (3, 20), (1, 1)]:
            input = draw(*shape, scale=3)
            yield case({kind: {}}, input, [], function(input))
    for slope in [0.01, 0.3]:
        input = draw(2, 3, 7)
        yield case({"leakyRectifier": {"slope": slope}}, input, [], functional.leaky_relu(input, slope))


def normalizations():
    for shape in [(2, 5, 7), (3, 33), (1, 1, 2)]:
        input, gain, shift = draw(*shape), draw(shape[-1]), draw(shape[-1])
        output = functional.layer_norm(input, shape[-1:], gain, shift)
        yield case({"layerNormalization": {}}, input, [gain, shift], output)


def channels_last(function, input, *arguments, **keywords):
    return function(input.transpose(1, 2), *arguments, **keywords).transpose(1, 2)


def poolings():
    for positions, window in [(7, 3), (4, 4), (5, 1)]:
        input = draw(2, positions, 3)
        output = channels_last(functional.avg_pool1d, input, window) * window
        yield case({"windowPooling": {"pooling": "sum", "window": window}}, input, [], output)
    input = draw(2, 7, 3)
    yield case({"globalPooling": {"pooling": "sum"}}, input, [], input.sum(1))
    for factor in [1, 3]:
        input = draw(2, 4, 3)
        output = channels_last(functional.interpolate, input, scale_factor=factor, mode="nearest")
        yield case({"upsampling": {"factor": factor}}, input, [], output)


def convolutions():
    for batch, positions, width, stride, dilation, padding, groups in [
        (2, 11, 3, 2, 2, 3, 1),
        (2, 11, 3, 1, 1, 1, 2),
        (1, 9, 4, 3, 1, 0, 6),
        (1, 5, 5, 1, 1, 0, 3),
        (3, 4, 1, 1, 1, 0, 2),
    ]:
        input, weight, bias = draw(batch, positions, 6), draw(width, 6 // groups, 12), draw(12)
        output = channels_last(
            functional.conv1d, input, weight.permute(2, 1, 0), bias, stride, padding, dilation, groups
        )
        keys = {"filters": 12, "width": width, "stride": stride, "dilation": dilation, "padding": padding, "groups": groups}
        yield case({"convolution": keys}, input, [weight, bias], output)
    for batch, positions, width, stride, dilation, padding in [
        (2, 6, 4, 2, 1, 1),
        (2, 5, 3, 3, 2, 0),
        (1, 1, 1, 1, 1, 0),
        (1, 4, 2, 5, 1, 1),
        (3, 3, 3, 1, 1, 2),
    ]:
        input, weight, bias = draw(batch, positions, 3), draw(width, 5, 3), draw(5)
        output = channels_last(
            functional.conv_transpose1d,
            input, weight.permute(2, 1, 0), bias, stride, padding, 0, 1, dilation,
        )
        keys = {"filters": 5, "width": width, "stride": stride, "dilation": dilation, "padding": padding}
        yield case({"transposedConvolution": keys}, input, [weight, bias], output)


MODULES = {"lstm": (torch.nn.LSTM, 4), "gru": (torch.nn.GRU, 3), "elman": (torch.nn.RNN, 1)}


def recurrent_parameters(kind, channels, units):
    sums = MODULES[kind][1] * units
    parameters = [draw(channels, sums), draw(units, sums), draw(sums)]
    return parameters + ([draw(sums)] if kind == "gru" else [])


def recur(kind, input, units, directions):
    """PyTorch's module on weights that are those of seqcnn, transposed; its second bias is 0 except for a GRU."""
    module = MODULES[kind][0](input.shape[2], units, batch_first=True, bidirectional=len(directions) == 2).double()
    weights = {}
    for parameters, suffix in zip(directions, ["", "_reverse"]):
        weights["weight_ih_l0" + suffix] = parameters[0].T
        weights["weight_hh_l0" + suffix] = parameters[1].T
        weights["bias_ih_l0" + suffix] = parameters[2]
        weights["bias_hh_l0" + suffix] = parameters[3] if kind == "gru" else torch.zeros_like(parameters[2])
    output, last = torch.func.functional_call(module, weights, (input,))
    last = last[0] if kind == "lstm" else last
    return output, last.transpose(0, 1).flatten(1)


def recurrences():
    for kind in MODULES:
        for batch, positions, channels, units in [(2, 6, 3, 5), (1, 1, 2, 3), (3, 4, 1, 1), (1, 3, 2, 18)]:
            input, parameters = draw(batch, positions, channels), recurrent_parameters(kind, channels, units)
            output, last = recur(kind, input, units, [parameters])
            yield case({kind: {"units": units}}, input, parameters, output)
            if units < 5:
                yield case({kind: {"units": units, "output": "last"}}, input, parameters, last)
        input = draw(2, 5, 3)
        directions = [recurrent_parameters(kind, 3, 4) for _ in range(2)]
        output, last = recur(kind, input, 4, directions)
        parameters = directions[0] + directions[1]
        yield case({"bidirectional": {"inner": [{kind: {"units": 4}}]}}, input, parameters, output)
        yield case({"bidirectional": {"inner": [{kind: {"units": 4, "output": "last"}}]}}, input, parameters, last)
        behind = [recurrent_parameters(kind, 8, 2) for _ in range(2)]
        stacked = recur(kind, output, 2, behind)[0]
        layers = [{"bidirectional": {"inner": [{kind: {"units": units}}]}} for units in [4, 2]]
        yield case({"sequential": {"inner": layers}}, input, parameters + behind[0] + behind[1], stacked)


def jordan():
    for batch, positions, keys in [(2, 5, {}), (1, 1, {}), (2, 4, {"output": "last"})]:
        input = draw(batch, positions, 3)
        parameters = [draw(3, 6), draw(2, 6), draw(6), draw(6, 2), draw(2)]
        weight, recurrent, bias, out, out_bias = parameters
        made, outputs = torch.zeros(batch, 2, dtype=torch.float64), []
        for position in range(positions):
            hidden = torch.tanh(input[:, position] @ weight + made @ recurrent + bias)
            made = torch.tanh(hidden @ out + out_bias)
            outputs.append(made)
        output = made if keys else torch.stack(outputs, dim=1)
        if positions == 1:
            # Nothing is read of the weights, but they have a gradient.
            output = output + 0 * recurrent.sum()
        yield case({"jordan": {"units": 6, "outputs": 2, **keys}}, input, parameters, output)


def attention(input, parameters, heads, distance=None):
    weight, bias, out, out_bias = parameters[:4]
    batch, positions, channels = input.shape
    if distance is None and out.shape[0] == channels:
        module = torch.nn.MultiheadAttention(channels, heads, batch_first=True).double()
        weights = {
            "in_proj_weight": weight.T, "in_proj_bias": bias,
            "out_proj.weight": out.T, "out_proj.bias": out_bias,
        }
        return torch.func.functional_call(module, weights, (input, input, input))[0]
    parts = (input @ weight + bias).reshape(batch, positions, 3, heads, -1).permute(2, 0, 3, 1, 4)
    mask = None
    if distance is not None:
        places = torch.arange(positions)
        offsets = (places[None] - places[:, None]).clamp(-distance, distance) + distance
        mask = parameters[4][:, offsets][None]
    read = functional.scaled_dot_product_attention(*parts, attn_mask=mask)
    return read.transpose(1, 2).flatten(2) @ out + out_bias


def attentions():
    for batch, positions, channels, heads, size, distance in [
        (2, 5, 6, 2, 3, None),
        (1, 1, 4, 1, 4, None),
        (2, 7, 4, 2, 3, 2),
        (1, 3, 2, 3, 17, 8),
        (2, 4, 3, 1, 2, 0),
    ]:
        features = heads * size
        input = draw(batch, positions, channels)
        parameters = [draw(channels, 3 * features), draw(3 * features), draw(features, channels), draw(channels)]
        keys = {"heads": heads, "size": size}
        if distance is not None:
            parameters.append(draw(heads, 2 * distance + 1))
            keys["distance"] = distance
        yield case({"selfAttention": keys}, input, parameters, attention(input, parameters, heads, distance))
    for batch, positions, channels in [(2, 5, 3), (1, 1, 1), (3, 18, 4)]:
        input, weight = draw(batch, positions, channels), draw(channels, 1, scale=2)
        shares = functional.softmax(input @ weight, dim=1)
        yield case({"attentionPooling": {}}, input, [weight], (shares * input).sum(1))


def inception():
    """Three widths and max pooling, side by side."""
    input = draw(2, 9, 4)
    parameters = [draw(1, 4, 3), draw(3), draw(3, 4, 2), draw(2), draw(5, 2, 3), draw(3)]
    first, first_bias, second, second_bias, third, third_bias = parameters

    def convolved(input, weight, bias):
        return channels_last(functional.conv1d, input, weight.permute(2, 1, 0), bias, padding=weight.shape[0] // 2)

    middle = functional.relu(convolved(input, second, second_bias))
    outputs = [functional.relu(convolved(input, first, first_bias)), convolved(middle, third, third_bias), input]
    branches = [
        [{"convolution": {"filters": 3, "width": 1, "padding": "same"}}, {"rectifier": {}}],
        [
            {"convolution": {"filters": 2, "width": 3, "padding": "same"}},
            {"rectifier": {}},
            {"convolution": {"filters": 3, "width": 5, "padding": "same"}},
        ],
        [],
    ]
    yield case({"parallel": {"branches": branches}}, input, parameters, torch.cat(outputs, dim=2))


def plain_layers():
    for shape, units in [((2, 7), 5), ((1, 1), 1), ((3, 33), 18)]:
        input, weight, bias = draw(*shape), draw(shape[1], units), draw(units)
        yield case({"dense": {"units": units}}, input, [weight, bias], input @ weight + bias)
    input = draw(2, 4, 3)
    yield case({"flatten": {}}, input, [], input.flatten(1))
    input = draw(2, 12)
    yield case({"unflatten": {"positions": 4}}, input, [], input.reshape(2, 4, 3))
    yield case({"dropout": {"rate": 0}}, input, [], functional.dropout(input, 0))
    for batch, positions, channels, units in [(2, 4, 3, 2), (1, 1, 1, 1)]:
        # A layer of its own per channel: a convolution over all positions with as many groups as channels.
        input, weight, bias = draw(batch, positions, channels), draw(positions, channels * units), draw(channels * units)
        kernel = weight.reshape(positions, channels * units, 1).permute(1, 2, 0)
        output = channels_last(functional.conv1d, input, kernel, bias, groups=channels)
        yield case({"channelDense": {"units": units}}, input, [weight, bias], output)


def maxima_and_means():
    functions = {"max": functional.max_pool1d, "mean": functional.avg_pool1d}
    for pooling, function in functions.items():
        for positions, window in [(7, 3), (4, 4), (5, 1)]:
            input = draw(2, positions, 3)
            output = channels_last(function, input, window)
            yield case({"windowPooling": {"pooling": pooling, "window": window}}, input, [], output)
        input = draw(2, 7, 3)
        output = channels_last(function, input, 7).flatten(1)
        yield case({"globalPooling": {"pooling": pooling}}, input, [], output)


def residuals():
    for dilation in [1, 4]:
        input, weight, bias = draw(2, 11, 3), draw(3, 3, 3), draw(3)
        inner = [{"convolution": {"filters": 3, "width": 3, "dilation": dilation, "padding": "same"}}, {"rectifier": {}}]
        convolved = channels_last(
            functional.conv1d, input, weight.permute(2, 1, 0), bias, padding=dilation, dilation=dilation
        )
        yield case({"residual": {"inner": inner}}, input, [weight, bias], input + functional.relu(convolved))


def batch_normalizations():
    """In training by the moments of the batch, with the running ones afterwards; in inference by those."""
    for shape in [(2, 5, 4), (6, 3)]:
        for training in [True, False]:
            input, gain, shift, mean = draw(*shape), draw(shape[-1]), draw(shape[-1]), draw(shape[-1])
            variance = (draw(shape[-1]).detach() ** 2 + 0.5).float().double()
            module = torch.nn.BatchNorm1d(shape[-1]).double().train(training)
            module.running_mean.copy_(mean.detach())
            module.running_var.copy_(variance)
            by_channel = input.transpose(1, 2) if len(shape) == 3 else input
            output = torch.func.functional_call(module, {"weight": gain, "bias": shift}, (by_channel,))
            output = output.transpose(1, 2) if len(shape) == 3 else output
            made = case({"batchNormalization": {"momentum": 0.1}}, input, [gain, shift], output)
            made["parameters"] += [numbers(mean), numbers(variance)]
            made["pass"] = "training" if training else "inference"
            if training:
                made["settled"] = [numbers(module.running_mean), numbers(module.running_var)]
            yield made


if __name__ == "__main__":
    makers = [
        activations, normalizations, poolings, convolutions, recurrences, jordan, attentions, inception,
        plain_layers, maxima_and_means, residuals, batch_normalizations,
    ]
    cases = [made for maker in makers for made in maker()]
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text("[\n" + ",\n".join(json.dumps(made) for made in cases) + "\n]\n")
