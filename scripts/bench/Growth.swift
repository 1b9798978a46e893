import Layers
import Models
import Networks

/// Prints, for longer sequences, more filters and more examples: what grows, its value, positions
/// times filters of a sequence, and the nanoseconds that a sequence takes in training and inference.
func measureGrowth(seconds: Double) throws {
  func measure(_ grows: String, _ value: Int, length: Int = 101, filters: Int = 16, steps: Int = 32)
    throws
  {
    let width = 24
    let workload = Workload(
      name: grows,
      network: .deepBind(filters: filters, width: width, dropout: 0, strands: .forward),
      length: length, batch: 64, steps: steps)
    let times = try workload.times(threads: 1, seconds: seconds)
    print(
      grows, value, (length - width + 1) * filters, times.training * 1e9, times.inference * 1e9,
      separator: "\t")
  }
  let doublings = [1, 2, 4, 8, 16]
  for factor in doublings {
    try measure("length", 100 * factor, length: 100 * factor)
  }
  for factor in doublings {
    try measure("filters", 16 * factor, filters: 16 * factor)
  }
  for factor in doublings {
    try measure("examples", 64 * 16 * factor, steps: 16 * factor)
  }
}
