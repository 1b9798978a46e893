// A genome scan in shards: nextflow run main.nf --model ctcf/model.safetensors --genome hg38.fa.gz
//
// The merged file is byte for byte that of one scan without shards.

params.shards = 20
params.rule = '--p-value 1e-4'
params.output = 'results'

process scan {
    cpus 2

    input:
    val shard
    path model
    path genome

    output:
    path "shard${shard}.bed.gz"

    script:
    """
    seqcnn scan --model $model --genome ${genome[0]} ${params.rule} --quiet \\
        --threads ${task.cpus} --shard $shard/${params.shards} --output shard${shard}.bed.gz
    """
}

process merge {
    publishDir params.output

    input:
    path shards

    output:
    path 'sites.bed.gz*'

    script:
    """
    seqcnn scan merge $shards --output sites.bed.gz --quiet
    """
}

workflow {
    // With the .fai and .gzi beside it a shard reads only its part of the genome.
    genome = Channel.fromPath("${params.genome}{,.fai,.gzi}").collect()
    shards = scan(Channel.of(1..params.shards), file(params.model), genome)
    merge(shards.collect())
}
