public import Genomics

extension VCFRecord {
  /// Which alleles a sample has (VCF 4.2 specification, section 1.4.2: GT and PS); `nil` if FORMAT has no GT.
  ///
  /// A separator before the first allele, as VCF 4.4 allows, counts as any other.
  /// - Parameter sample: The sample's number, from 0.
  /// - Throws: `VCFProblem` with `.genotype` for alleles that the record hasn't.
  func genotype(ofSample sample: Int) throws(VCFProblem) -> Genotype? {
    let columns = withoutReturn(text).split(
      separator: UInt8(ascii: "\t"), maxSplits: 10 + sample, omittingEmptySubsequences: false)
    let colon = UInt8(ascii: ":")
    let keys = columns[8].split(separator: colon)
    let values = columns[9 + sample].split(separator: colon, omittingEmptySubsequences: false)
    func value(of key: String) -> ArraySlice<UInt8>? {
      zip(keys, values).first { $0.0.elementsEqual(key.utf8) }?.1
    }
    guard let text = value(of: "GT") else { return nil }
    let phaseSet = value(of: "PS").map { String(decoding: $0, as: UTF8.self) }
    return Genotype(
      alleles: try alleles(in: text), isPhased: !text.contains(UInt8(ascii: "/")),
      phaseSet: phaseSet == "." ? nil : phaseSet)
  }

  private func alleles(in text: ArraySlice<UInt8>) throws(VCFProblem) -> [Int?] {
    var alleles: [Int?] = []
    for allele in text.split(whereSeparator: { "/|".utf8.contains($0) }) {
      guard !allele.elementsEqual(".".utf8) else {
        alleles.append(nil)
        continue
      }
      guard allele.allSatisfy(isDigit), let number = Int(String(decoding: allele, as: UTF8.self)),
        number <= variant.alternates.count
      else { throw .genotype(String(decoding: text, as: UTF8.self)) }
      alleles.append(number)
    }
    return alleles
  }
}

extension VCFBlock {
  /// The genotypes of a sample in some of the records; `nil` without GT.
  ///
  /// - Throws: `VCFError` with the line.
  public func genotypes(of records: [VCFRecord], sample: Int) throws -> [Genotype?] {
    var genotypes: [Genotype?] = []
    for record in records {
      do {
        genotypes.append(try record.genotype(ofSample: sample))
      } catch {
        throw VCFError(file: file, line: record.line, error)
      }
    }
    return genotypes
  }
}
