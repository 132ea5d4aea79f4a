"""The mistakes made in written clusters, by family."""

from tests.twins.made import across_nodes, clouds, elections, one_file

MISTAKES = [*elections.MISTAKES, *across_nodes.MISTAKES, *one_file.MISTAKES, *clouds.MISTAKES]
