internal import MotifData

/// The motif database that comes with the program, in MEME's text format.
package func builtInMotifText() -> [UInt8] {
  Array(UnsafeBufferPointer(start: motif_data(), count: motif_data_size()))
}
