#!/usr/bin/env bash
# Makes a checkout ready to use: builds it, lists its kernel for Jupyter and VS Code, draws the sample data.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -c Release src/Workbook
workbook=(dotnet run -c Release --no-build --project src/Workbook --)
"${workbook[@]}" install
"${workbook[@]}" sample
"${workbook[@]}" doctor
