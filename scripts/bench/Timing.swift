/// The median of the seconds that a pass takes: after one to warm up, at least three passes, and as
/// many as `seconds` hold.
func medianTime(for seconds: Double, of pass: () throws -> Void) rethrows -> Double {
  try pass()
  let clock = ContinuousClock()
  let end = clock.now + .seconds(seconds)
  var times: [Duration] = []
  while times.count < 3 || clock.now < end { times.append(try clock.measure(pass)) }
  return times.sorted()[times.count / 2] / .seconds(1)
}
