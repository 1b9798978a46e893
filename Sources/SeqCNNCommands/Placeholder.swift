public enum SeqCNN { public static func main() {} }
