# Takes numbers from the queue.
class Worker
  # Work on one number.
  def work(number)
    number + 1
  end

  # Stop working.
  def stop
    @stopped = true
  end
end
