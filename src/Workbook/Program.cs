Console.WriteLine("Workbook");
