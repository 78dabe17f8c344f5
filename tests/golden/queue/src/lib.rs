//! A queue of numbers.

/// Holds numbers in their order.
pub struct Queue {
    items: Vec<u32>,
}

/// An empty queue.
pub fn empty() -> Queue {
    Queue { items: Vec::new() }
}

/// How many numbers wait.
pub fn waiting(queue: &Queue) -> usize {
    queue.items.len()
}

fn first(queue: &Queue) -> Option<&u32> {
    queue.items.first()
}
