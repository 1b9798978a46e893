import CCrypto

/// The SHA-256 digest of a file as it stands on disk, in hexadecimal.
///
/// - Throws: `ByteError` where the file can't be read.
public func sha256(ofFile path: String) throws -> String {
  let file = try InputFile(path: path)
  let context = EVP_MD_CTX_new()
  defer { EVP_MD_CTX_free(context) }
  precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "no SHA-256 in libcrypto")
  var buffer = [UInt8](repeating: 0, count: 1 << 18)
  while true {
    let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
    if count == 0 { break }
    EVP_DigestUpdate(context, buffer, count)
  }
  var digest = [UInt8](repeating: 0, count: 32)
  EVP_DigestFinal_ex(context, &digest, nil)
  let digits = Array("0123456789abcdef".utf8)
  return String(
    decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
