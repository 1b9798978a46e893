import CCrypto

/// The SHA-256 digest of a file as it stands on disk, in hexadecimal. A pipe can be read again after that.
///
/// - Throws: `ByteError` if the file can't be read.
public func sha256(ofFile path: String) throws -> String {
  if path != "-", isPipe(path) { try KeptPipes.keep(path) }
  let file = try InputFile(path: path)
  var digest = SHA256()
  var buffer = [UInt8](repeating: 0, count: 1 << 18)
  while true {
    let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
    if count == 0 { return digest.finish() }
    digest.update(buffer[..<count])
  }
}

/// The SHA-256 digest of some bytes, in hexadecimal.
public func sha256(of bytes: [UInt8]) -> String {
  var digest = SHA256()
  digest.update(bytes[...])
  return digest.finish()
}

private struct SHA256: ~Copyable {
  private let context = EVP_MD_CTX_new()

  init() {
    precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "no SHA-256 in libcrypto")
  }

  deinit { EVP_MD_CTX_free(context) }

  mutating func update(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { _ = EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
  }

  mutating func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(context, &digest, nil)
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
