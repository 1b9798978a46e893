import SeqCNNCommands

SeqCNN.main()
