"""ECS Fargate on a laptop: a task is a process that runs the container's command."""
