"""Other ways to do graph_ops."""

from __future__ import annotations

from collections import deque

from m04_autograd import graph_ops

from autograder.course.marks import restated, right, wrong


def _behind(node):
    return [after for after, _ in node.next_functions if after is not None]


@right()
def with_a_deque(loss):
    """A queue, and the types' names."""
    if loss.grad_fn is None:
        return []
    queue, seen, names = deque([loss.grad_fn]), {loss.grad_fn}, []
    while queue:
        node = queue.popleft()
        names.append(type(node).__name__)
        for after in _behind(node):
            if after not in seen:
                seen.add(after)
                queue.append(after)
    return names


@right()
def layer_by_layer(loss):
    """Sets of nodes of one distance, from the last to the first."""
    layer, seen, names = {loss.grad_fn} - {None}, set(), []
    while layer:
        names += sorted((n.name().split("::")[-1] for n in layer), reverse=True)
        seen |= layer
        layer = {after for node in layer for after in _behind(node)} - seen
    return names


@right()
def distances_relaxed(loss):
    """Numbers all nodes by their distance, improved until nothing changes, and sorts."""
    if loss.grad_fn is None:
        return []
    distance, open_nodes = {loss.grad_fn: 0}, [loss.grad_fn]
    while open_nodes:
        node = open_nodes.pop(0)
        for after in reversed(_behind(node)):
            if distance[node] + 1 < distance.get(after, 10**9):
                distance[after] = distance[node] + 1
                open_nodes.append(after)
    ordered = sorted(distance, key=distance.get)
    return [n.name().replace("torch::autograd::", "") for n in ordered]


@wrong()
def farthest_way_counts(loss):
    """Takes the longest way as the distance."""
    distance, open_nodes = {}, [(loss.grad_fn, 0)] if loss.grad_fn else []
    while open_nodes:
        node, far = open_nodes.pop()
        if far >= distance.get(node, -1):
            distance[node] = far
            open_nodes += [(after, far + 1) for after in _behind(node)]
    return [n.name().split("::")[-1] for n in sorted(distance, key=distance.get)]


@wrong()
def as_a_set(loss):
    """Gives a set of names."""
    return set(graph_ops(loss))


@wrong()
def at_most_twenty(loss):
    """Stops after some nodes."""
    return graph_ops(loss)[:20]


@wrong()
def leaves_once(loss):
    """Lists one AccumulateGrad for all leaves."""
    names = graph_ops(loss)
    first = names.index("AccumulateGrad") if "AccumulateGrad" in names else 0
    return [n for i, n in enumerate(names) if n != "AccumulateGrad" or i == first]


@wrong()
def none_for_data(loss):
    """Lists None where data came in."""
    names, nodes = [], [loss.grad_fn] if loss.grad_fn else []
    for node in nodes:
        names.append("None" if node is None else node.name().split("::")[-1])
        if node is not None:
            nodes += [n for n, _ in node.next_functions if n is None or n not in nodes]
    return names


@wrong()
def keeps_the_graph_but_fills_grad(loss):
    """Calls backward() and keeps the graph."""
    if loss.requires_grad:
        loss.backward(retain_graph=True)
    return graph_ops(loss)


@wrong()
def sorted_by_name(loss):
    """Sorts all names."""
    return sorted(graph_ops(loss))


@wrong()
def one_string(loss):
    """Joins the names."""
    return " ".join(graph_ops(loss))


@restated("visited-again")
def queue_without_memory(loss):
    """A queue that remembers nothing."""
    names, queue = [], deque([loss.grad_fn] if loss.grad_fn is not None else [])
    while queue:
        node = queue.popleft()
        names.append(node.name().split("::")[-1])
        queue.extend(_behind(node))
    return names


@restated("leaves-first")
def put_in_front(loss):
    """Puts each name in front."""
    names = []
    for name in graph_ops(loss):
        names.insert(0, name)
    return names


@restated("none-not-skipped")
def asks_none_for_its_name(loss):
    """Takes None for a node."""
    if loss.grad_fn is None:
        return []
    queue, seen, names = deque([loss.grad_fn]), {loss.grad_fn}, []
    while queue:
        node = queue.popleft()
        names.append(node.name().split("::")[-1])
        for after, _ in node.next_functions:
            if after not in seen:
                seen.add(after)
                queue.append(after)
    return names


@restated("depth-first")
def last_in_first_out(loss):
    """A stack that takes the left input first."""
    stack, seen, names = [loss.grad_fn] if loss.grad_fn is not None else [], [], []
    while stack:
        node = stack.pop(0)
        if any(node is other for other in seen[-40:]) or node in seen:
            continue
        seen.append(node)
        names.append(type(node).__name__)
        stack = _behind(node) + stack
    return names


@restated("namespace-kept")
def plain_name(loss):
    """Takes node.name() as it is."""
    nodes = [loss.grad_fn] if loss.grad_fn is not None else []
    seen = set(nodes)
    for node in nodes:
        for after in _behind(node):
            if after not in seen:
                seen.add(after)
                nodes.append(after)
    return [node.name() for node in nodes]


@restated("leaves-left-out")
def nodes_with_a_way_on(loss):
    """Leaves out nodes that lead nowhere."""
    nodes = [loss.grad_fn] if loss.grad_fn is not None else []
    seen = set(nodes)
    for node in nodes:
        for after in _behind(node):
            if after not in seen and after.next_functions:
                seen.add(after)
                nodes.append(after)
    return [type(node).__name__ for node in nodes]


@restated("names-once")
def each_name_at_its_first_place(loss):
    """Skips a name that is there."""
    found = []
    for name in graph_ops(loss):
        if name not in found:
            found.append(name)
    return found


@restated("untracked-loss-followed")
def no_question_asked(loss):
    """Asks the loss's node for its name at once."""
    names = [loss.grad_fn.name()]
    return names + graph_ops(loss)[1:]


@restated("first-way-only")
def left_inputs(loss):
    """Follows the left input."""
    node, names = loss.grad_fn, []
    while node:
        names.append(type(node).__name__)
        ways = [after for after, _ in node.next_functions]
        node = ways[0] if ways else None
    return names


@restated("loss-node-missing")
def without_the_first(loss):
    """Starts from what is behind the loss."""
    _, *names = graph_ops(loss) or [""]
    return names


@restated("names-shortened")
def without_backward(loss):
    """Removes Backward0 from names."""
    return [name.replace("Backward0", "") for name in graph_ops(loss)]


@restated("backward-called")
def backward_first(loss):
    """Calls backward() first."""
    if loss.grad_fn is not None or loss.requires_grad:
        loss.backward()
    return graph_ops(loss)


@restated("nodes-returned")
def list_of_nodes(loss):
    """Gives the nodes."""
    nodes = [loss.grad_fn] if loss.grad_fn is not None else []
    for node in nodes:
        nodes.extend(after for after in set(_behind(node)) if after not in nodes)
    return nodes


@restated("recursive")
def by_recursion(loss):
    """Notes the nodes of each distance by recursion."""
    layers, seen = {}, {}

    def visit(node, far):
        if far >= seen.get(node, 10**9):
            return
        seen[node] = far
        for after in _behind(node):
            visit(after, far + 1)

    if loss.grad_fn is not None:
        visit(loss.grad_fn, 0)
    for node, far in seen.items():
        layers.setdefault(far, []).append(type(node).__name__)
    return [name for far in sorted(layers) for name in layers[far]]
